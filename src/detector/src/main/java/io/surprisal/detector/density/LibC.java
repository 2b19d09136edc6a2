package io.surprisal.detector.density;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.nativeimage.c.type.CTypeConversion.CCharPointerHolder;

/** The C library that a native executable is linked with. Nothing of this is there on a Java virtual machine, which must not load it. */
final class LibC {
    private static final int OVERWRITE = 1;

    private LibC() {}

    /** Sets an environment variable of this process; 0 when that went well. */
    static int setEnvironment(String name, String value) {
        try (CCharPointerHolder cName = CTypeConversion.toCString(name);
                CCharPointerHolder cValue = CTypeConversion.toCString(value)) {
            return setenv(cName.get(), cValue.get(), OVERWRITE);
        }
    }

    @CFunction("setenv")
    private static native int setenv(CCharPointer name, CCharPointer value, int overwrite);
}
