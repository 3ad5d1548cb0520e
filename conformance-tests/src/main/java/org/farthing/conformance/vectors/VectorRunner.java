package org.farthing.conformance.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.jspecify.annotations.Nullable;

/** Runs vector files. A file that cannot be run at all is a failure with a reason, exactly like a case that fails. */
final class VectorRunner {

    private final Map<String, Check> checks;

    /** Runs with the checks of this implementation. */
    VectorRunner() {
        this(Kinds.ALL);
    }

    VectorRunner(Map<String, Check> checks) {
        this.checks = checks;
    }

    /** Runs every file of a source. */
    VectorReport run(VectorSource source) {
        List<VectorReport.FileResult> results = new ArrayList<>();
        source.files().forEach((name, bytes) -> results.add(runFile(name, bytes)));
        return new VectorReport(source.name(), results);
    }

    /** Runs one file. */
    VectorReport.FileResult runFile(String name, byte[] bytes) {
        VectorFile file;
        try {
            file = VectorFile.parse(bytes);
        } catch (BrokenVectorException e) {
            return VectorReport.FileResult.unusable(name, String.valueOf(e.getMessage()));
        }
        @Nullable Check check = checks.get(file.kind());
        if (check == null) {
            return VectorReport.FileResult.unusable(name, "no check for the kind \"" + file.kind() + "\"");
        }
        List<VectorReport.Failure> failures = new ArrayList<>();
        for (VectorCase one : file.cases()) {
            Outcome got = outcome(check, one);
            if (!one.accepts(got)) {
                failures.add(new VectorReport.Failure(one.name(), one.wanted(), got));
            }
        }
        return new VectorReport.FileResult(name, file.title(), file.cases().size(), failures, null);
    }

    /** Runs one case and names what came of it. */
    // The one place that must survive whatever the code under test throws: the case fails, the run goes on.
    static Outcome outcome(Check check, VectorCase one) {
        try {
            return new Outcome.Value(Json.toTree(check.run(new CaseInput(one.input()))));
        } catch (MalformedException e) {
            return new Outcome.Refused(e.fault().name(), String.valueOf(e.getMessage()));
        } catch (SignatureRejectedException e) {
            return new Outcome.Refused(e.reason().name(), String.valueOf(e.getMessage()));
        } catch (BrokenVectorException e) {
            return new Outcome.Broken(String.valueOf(e.getMessage()));
        } catch (ArithmeticException e) {
            return new Outcome.Refused("NOT_EXACT", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused("REFUSED", String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            return new Outcome.Broken("threw " + e);
        }
    }
}
