# SPDX-License-Identifier: Apache-2.0
"""snippets.py - every code block of the pages is what it says.

    snippets.py SOURCE LIBRARY_DIR CC CXX ECHO_SERVER PAGE...

C and C++ compile without a warning. A whole program runs: a client against our echo server, a
server against peer.py, and ends with status 0. A block of "output" behind one is what it prints.
Commands run in a directory of the page, in its order, with the programs and files that the page
has made, libws-cat, and an echo server at ws://localhost:8080. blocks.py has the comments that say more.
"""
import concurrent.futures
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading

import blocks
import peer

FRAGMENTS = 5  # at most one block of so many may be a fragment
# Languages that others look at: java.md and csharp.md have tests of their own in bindings. Or nothing can: drawings.
PROSE = {"", "output", "text", "mermaid", "http", "diff"}

source, libraries, cc, cxx, echo_server, *pages = sys.argv[1:]
source, libraries = map(os.path.abspath, (source, libraries))
here = os.path.dirname(os.path.abspath(__file__))
work = tempfile.TemporaryDirectory()
faults = []
counted = {}
count_lock = threading.Lock()
have = lambda package: subprocess.run(["pkg-config", "--exists", package]).returncode == 0
includes = [f"-I{source}/include", f"-I{source}/examples_loops", f"-I{source}/bridges/nats"]
loops = ["glib-2.0", "libuv", "libevent"]
packages = subprocess.run(["pkg-config", "--cflags", *filter(have, loops)], capture_output=True, text=True).stdout.split()
# For commands of the pages, as if the library was installed.
environment = os.environ | {
    "PKG_CONFIG_PATH": f"{libraries}/cmake", "CPATH": f"{source}/include", "LIBRARY_PATH": libraries, "LD_LIBRARY_PATH": libraries,
    "LC_ALL": "C.UTF-8", "PATH": f"{libraries}/examples_c:{libraries}/tools/cat:{os.environ['PATH']}",
}


def count(what):
    with count_lock:
        counted[what] = counted.get(what, 0) + 1


def fail(block, why, output=""):
    faults.append(f"FAILED: {block}: {why}\n{output}")


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          timeout=peer.patience(), **more)


def with_frame(block, text):
    """A fragment inside its frame, whose line FRAGMENT it replaces; errors name its lines."""
    name = f"{here}/frames/{block.says['fragment']}.c"
    with open(name) as file:
        frame = file.read()
    assert "FRAGMENT\n" in frame, f"{name} has no line FRAGMENT"
    return frame.replace("FRAGMENT\n", f'#line {block.line + 1} "{block.page}"\n{text}\n')


def compile_block(block, directory, text):
    """The program, or True for what is no whole one, or None."""
    c = block.language == "c"
    fragment = "fragment" in block.says
    if fragment:
        text = with_frame(block, text)
    else:
        text = f'#line {block.line + 1} "{block.page}"\n{text}'
        if not re.search(r"^#include ", text, re.M):
            fail(block, "it includes nothing, and is not called a fragment")
            return None
    whole = not fragment and re.search(r"^int main\(", text, re.M)
    name = f"{directory}/{block.line}"
    with open(f"{name}.{'c' if c else 'cpp'}", "w") as file:
        file.write(text)
    standard = {"c": "gnu11", "cpp": "c++17", "cpp20": "c++20"}[block.language]
    command = [cc if c else cxx, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread",
               *includes, *packages, *flags_of(block), *([] if c else ["-Wold-style-cast"]), file.name]
    command += ["-o", name, f"-L{libraries}", "-lws", f"-Wl,-rpath,{libraries}"] if whole else ["-fsyntax-only"]
    result = run(command, cwd=directory)
    if result.returncode:
        fail(block, "it does not compile", result.stdout)
        return None
    count("fragments" if fragment else "programs" if whole else "units")
    return name if whole else True


def flags_of(block):
    """Of a package that not everybody has; Qt's headers want code that may lie anywhere."""
    package = block.says.get("package")
    return ["-fPIC", *run(["pkg-config", "--cflags", package]).stdout.split()] if package else []


def same(want, got):
    """Whether got is want, in which a line "..." stands for any lines and "..." in one for anything."""
    pattern = re.escape(want).replace(r"\.\.\.", ".*")
    return re.fullmatch(pattern, got, re.S)


def serve(block, program, directory):
    """A server does its steps; SIGTERM ends it then, politely."""
    with open(f"{program}.log", "w+") as log:
        process = subprocess.Popen([program], cwd=directory, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            peer.play(process, block.says["server"])
            process.terminate()
            status = process.wait(peer.patience())
            want = -signal.SIGTERM if block.says["server"].endswith("killed") else 0
            assert status == want, f"SIGTERM ends it with status {status}"
        except (AssertionError, OSError, ValueError, IndexError, subprocess.TimeoutExpired) as fault:
            log.seek(0)
            fail(block, f"{type(fault).__name__} {fault}", log.read())
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        return log.read()


def interrupt(block, program, directory):
    """A client that goes on until a signal comes, which it gets when it has printed a line."""
    with subprocess.Popen(["stdbuf", "-oL", program], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True) as process:
        watch = threading.Timer(peer.patience(), process.kill)
        watch.start()
        printed = process.stdout.readline()
        process.send_signal(signal.Signals["SIG" + block.says["ends by"]])
        printed += process.stdout.read()
        status = process.wait()
        watch.cancel()
    if status:
        fail(block, f"the signal ends it with status {status}")
    return printed


def run_page(page, url):
    with open(f"{source}/{page}") as file:
        found, _ = blocks.split(page, file.read())
    directory = f"{work.name}/{page.replace('/', '_')}"
    os.mkdir(directory)
    printed = None  # by the last program
    for block in found:
        text = block.text
        if block.language in ("c", "cpp", "cpp20") and "not run" in block.says:
            count("programs that are not compiled")
        elif "package" in block.says and not have(block.says["package"]):
            count("units without their package")
        elif block.language in ("c", "cpp", "cpp20"):
            if "server" in block.says:
                text = re.sub(r"\b8080\b", "0", text)
            text = text.replace("ws://127.0.0.1:8080", url)
            if "file" in block.says: # as a reader has it
                with open(f"{directory}/{block.says['file']}", "w") as file:
                    file.write(text)
            program = compile_block(block, directory, text)
            printed = None
            if isinstance(program, str) and "server" in block.says:
                printed = serve(block, program, directory)
            elif isinstance(program, str) and "ends by" in block.says:
                printed = interrupt(block, program, directory)
            elif isinstance(program, str):
                result = run([program], cwd=directory, env=environment, stdin=subprocess.DEVNULL)
                printed = result.stdout
                if result.returncode:
                    fail(block, f"it ends with status {result.returncode}", result.stdout)
            if printed is not None and "prints" in block.says:
                count("outputs")
                if printed != block.says["prints"] + "\n":
                    fail(block, "that is not what is printed, which is", printed)
        elif block.language == "sh":
            if "not run" in block.says:
                result = run(["bash", "-n"], input=text)
                count("commands that are read only")
            else:
                text = re.sub(r"ws://(?:localhost|127\.0\.0\.1):8080/?", url, text)
                result = run(["bash", "-euo", "pipefail", "-c", text], cwd=directory, env=environment)
                printed = result.stdout
                count("commands")
            if result.returncode:
                fail(block, f"the commands end with status {result.returncode}", result.stdout)
        elif block.language == "output":
            count("outputs")
            if printed is None:
                fail(block, "nothing before it has run")
            elif not same(block.text, printed):
                fail(block, "that is not what is printed, which is", printed)
        elif block.language == "python":
            try:
                compile(block.text, str(block), "exec")
                count("python")
            except SyntaxError as fault:
                fail(block, fault)
        elif "check" in block.says:
            with open(f"{directory}/{block.says['file']}", "w") as file:
                file.write(block.text)
            result = run(["bash", "-euo", "pipefail", "-c", block.says["check"]], cwd=directory, env=environment)
            count("files")
            if result.returncode:
                fail(block, f"{block.says['check']} ends with status {result.returncode}", result.stdout)
        elif block.language not in PROSE and "not run" not in block.says:
            fail(block, f"nobody checks blocks of {block.language}")


def main():
    server = subprocess.Popen([echo_server, "--port", "0", "--compress"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip().removeprefix("listening on ")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(run_page, page, url) for page in pages]:
                done.result()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    compiled = sum(counted.get(what, 0) for what in ("programs", "units", "fragments"))
    if counted.get("fragments", 0) * FRAGMENTS > compiled:
        faults.append(f"FAILED: {counted['fragments']} of {compiled} blocks are fragments, more than one of {FRAGMENTS}")
    print(", ".join(f"{n} {what}" for what, n in sorted(counted.items())))
    print("".join(faults), end="", file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    with work:
        sys.exit(main())
