package org.farthing.client.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, with the class path of this one. */
public final class ChildProcess {

    private ChildProcess() {}

    /** Starts it with its standard output to be read. */
    public static Process startReadable(Class<?> main, Object... arguments) throws IOException {
        return builder(main, arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Waits for the end of it and returns its exit code. */
    public static int await(Process process) throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the child process did not end");
        }
        return process.exitValue();
    }

    /** Kills it as the kernel does (SIGKILL): it runs not one instruction more. */
    public static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        await(process);
    }

    private static ProcessBuilder builder(Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classPath(), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command);
    }

    private static String classPath() {
        Set<String> parts = new LinkedHashSet<>();
        parts.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        parts.add(Path.of("target", "classes").toAbsolutePath().toString());
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            String value = System.getProperty(property);
            if (value != null) {
                parts.addAll(List.of(value.split(File.pathSeparator)));
            }
        }
        return String.join(File.pathSeparator, parts);
    }
}
