/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Until the first call that starts it the DLL is loaded and unloaded like another; from then on it stays. It leaves
 * alone whether failures show dialogs and whether Windows lends the process priority.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include <libws/ws.h>

static void check(int right, const char *what)
{
    if (right) return;
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static int is_there(void) { return GetModuleHandleA("libws.dll") != NULL; }

int main(int argc, char **argv)
{
    check(argc == 2, "usage: windows_unload DLL");
    BOOL no_boost = TRUE;
    UINT mode = GetErrorMode();
    check(SetProcessPriorityBoost(GetCurrentProcess(), FALSE), "SetProcessPriorityBoost");
    for (int i = 0; i < 3; i++) {
        HMODULE dll = LoadLibraryA(argv[1]);
        check(dll != NULL, "LoadLibrary");
        const char *(WS_CALL * version)(void) = (void *)(uintptr_t)GetProcAddress(dll, "ws_version_string");
        check(version && *version(), "ws_version_string");
        check(FreeLibrary(dll) && !is_there(), "it was not unloaded");
    }
    HMODULE dll = LoadLibraryA(argv[1]);
    ws_handle(WS_CALL * create)(const ws_create_options *) = (void *)(uintptr_t)GetProcAddress(dll, "ws_create");
    int32_t(WS_CALL * destroy)(ws_handle) = (void *)(uintptr_t)GetProcAddress(dll, "ws_destroy");
    check(create && destroy, "GetProcAddress");
    ws_handle handle = create(NULL);
    check(handle != 0, "ws_create");
    for (int i = 0; i < 3; i++) check(FreeLibrary(dll) && is_there(), "it was unloaded");
    check(destroy(handle) == WS_OK, "ws_destroy");
    check(GetErrorMode() == mode, "the error mode is another one");
    check(GetProcessPriorityBoost(GetCurrentProcess(), &no_boost) && !no_boost, "priority is not lent any more");
    return 0;
}
