/* SPDX-License-Identifier: Apache-2.0 */
/* What the addon wants of Windows. Functions of Node are those of the program, whatever its name. */
#include <winsock2.h>
#include <windows.h>
#include <delayimp.h>
#include <stdint.h>

#include "addon.h"

extern IMAGE_DOS_HEADER __ImageBase; /* of this DLL, by the linker */

static FARPROC of_program(const char *name) { return GetProcAddress(GetModuleHandleW(NULL), name); }

void *process_function(const char *name) { return (void *)(uintptr_t)of_program(name); }

/* The first call of each function of Node-API comes here: the import library is one of delayed imports (CMakeLists.txt),
 * as the loader would look for a node.exe, which Electron is not. */
FARPROC WINAPI __delayLoadHelper2(PCImgDelayDescr delayed, FARPROC *place);
FARPROC WINAPI __delayLoadHelper2(PCImgDelayDescr delayed, FARPROC *place) {
    const char *image = (const char *)&__ImageBase;
    const IMAGE_THUNK_DATA *names = (const IMAGE_THUNK_DATA *)(image + delayed->rvaINT);
    size_t i = (size_t)(place - (FARPROC *)(uintptr_t)(image + delayed->rvaIAT));
    const char *name = ((const IMAGE_IMPORT_BY_NAME *)(image + names[i].u1.AddressOfData))->Name;
    FARPROC function = of_program(name);
    if (!function)
        RaiseException(VcppException(ERROR_SEVERITY_ERROR, ERROR_PROC_NOT_FOUND), 0, 0, NULL);
    return *place = function;
}

ws_socket duplicate(ws_socket descriptor) {
    WSAPROTOCOL_INFOW about;
    if (WSADuplicateSocketW(descriptor, GetCurrentProcessId(), &about))
        return NO_SOCKET;
    return WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &about, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

void drop_duplicate(ws_socket descriptor) { closesocket(descriptor); }
