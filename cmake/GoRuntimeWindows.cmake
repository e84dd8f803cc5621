# SPDX-License-Identifier: Apache-2.0
#
# Small changes to Go's runtime on Windows (cmake/GoOverlay.cmake). It takes the process for its own; here it
# leaves to the host
#
#  - whether a failure of the system shows a dialog and a crash is reported (SetErrorMode, WerSetFlags),
#  - whether Windows lends threads of the process priority for a moment (SetProcessPriorityBoost),
#  - what Ctrl-C does (SetConsoleCtrlHandler),
#  - whether the process takes long paths (a bit in the process's own block, that a program's manifest sets).
#
# A socket that is taken over (core/fd) goes to the completion port as package net's duplicate; package os would put it
# there before, from where only Windows 8.1 and later let it go.
#
# And as on Linux (capi/start_linux.c) the variables GOGC, GOMEMLIMIT, GODEBUG, GOMAXPROCS and GOTRACEBACK of the host
# are not this runtime's: the host may be written in Go, or start programs that are.
#
# What else there is on Linux is about signals, about descriptors that have run out, and about threads that the
# system refuses: docs/platforms.md says what that means here.
ws_replace(runtime/os_windows.go
    "\tpreventErrorDialogs()\n\n\tinitExceptionHandler()\n" "\tinitExceptionHandler()\n"
    "\tinitSysDirectory()\n\tinitLongPathSupport()\n" "\tinitSysDirectory()\n"
    "\tstdcall(_SetProcessPriorityBoost, windows.CurrentProcess, 1)\n" ""
    "\tvar fn any = ctrlHandler\n\tctrlHandlerPC := compileCallback(*efaceOf(&fn), true)\n\tstdcall(_SetConsoleCtrlHandler, ctrlHandlerPC, 1)\n" ""
    "\tstdcall(_FreeEnvironmentStringsW, uintptr(strings))\n" "\tstdcall(_FreeEnvironmentStringsW, uintptr(strings))\n\tenvs = wsEnvs(envs)\n"
    "func goenvs() {\n" "// wsEnvs leaves out what is for another runtime. The number of processors is that of capi/runtime.h.\nfunc wsEnvs(all []string) []string {\n\town := []string{\"GOMAXPROCS=2\"}\n\tdebug := \"GODEBUG=containermaxprocs=0,updatemaxprocs=0,\"\n\tfor _, v := range all {\n\t\tforeign := false\n\t\tfor _, name := range [...]string{\"GOGC=\", \"GOMEMLIMIT=\", \"GODEBUG=\", \"GOMAXPROCS=\", \"GOTRACEBACK=\"} {\n\t\t\tif len(v) >= len(name) && envKeyEqual(v[:len(name)], name) {\n\t\t\t\tforeign = true\n\t\t\t}\n\t\t}\n\t\tif test := \"WS_TEST_GODEBUG=\"\; len(v) > len(test) && v[:len(test)] == test { // for tests of the library itself\n\t\t\tdebug += v[len(test):]\n\t\t}\n\t\tif !foreign {\n\t\t\town = append(own, v)\n\t\t}\n\t}\n\treturn append(own, debug)\n}\n\nfunc goenvs() {\n")
ws_replace(os/file_windows.go
    "if kind == kindNewFile && h != syscall.Stdin {" "if kind == kindNewFile && h != syscall.Stdin && name != \"libws: socket\" {")
if(WS_CHEAPER_CALLS)
    ws_replace(runtime/cgocall.go
        ${WS_CHEAPER_CALLS})
endif()
