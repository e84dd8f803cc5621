// SPDX-License-Identifier: Apache-2.0
package libws;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Functions of the library, and of C, as method handles. */
final class Ffm {
    private static SymbolLookup library;

    private Ffm() {
    }

    /** The library stays: dlclose has no meaning for it. */
    static synchronized void load(String path) {
        if (library == null) {
            library = path.contains("/")
                    ? SymbolLookup.libraryLookup(Path.of(path), Arena.global())
                    : SymbolLookup.libraryLookup("lib" + path + ".so", Arena.global());
        }
    }

    static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
        var where = library.find(name).or(() -> Linker.nativeLinker().defaultLookup().find(name))
                .orElseThrow(() -> new UnsatisfiedLinkError("libws has no function " + name));
        var layouts = new MemoryLayout[parameters.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = layout(parameters[i]);
        }
        var descriptor = result == void.class ? FunctionDescriptor.ofVoid(layouts)
                : FunctionDescriptor.of(layout(result), layouts);
        return Linker.nativeLinker().downcallHandle(where, descriptor);
    }

    private static MemoryLayout layout(Class<?> type) {
        return type == int.class ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
    }

    /** A call of C throws nothing of its own. */
    static RuntimeException thrown(Throwable t) {
        if (t instanceof Error e) {
            throw e;
        }
        return t instanceof RuntimeException e ? e : new IllegalStateException(t);
    }
}
