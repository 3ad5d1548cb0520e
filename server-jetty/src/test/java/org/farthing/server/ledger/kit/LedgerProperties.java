package org.farthing.server.ledger.kit;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.kit.ProgramStep.Verb;
import org.farthing.testing.Requirement;

/**
 * Random programs against {@link LedgerModel}: every outcome, every account, every charge and every statement must be what the
 * model says, whatever is repeated, purged, reopened or left by a crash; and programs run by several threads at once, after
 * which no rule of the books may be broken. A store's own test extends this class.
 */
public abstract class LedgerProperties {

    /** For the store's own test. */
    protected LedgerProperties() {}

    /**
     * Opens the store under test. The first call of a program finds no books; the next ones find those of the program.
     *
     * @param options how
     * @param first whether this is the program's first call
     * @return the open ledger
     */
    protected abstract Ledger open(LedgerOptions options, boolean first);

    /**
     * Leaves a ledger, which does nothing at the moment, as a process that is killed leaves it, and opens the books again. A
     * store that cannot be left like that within one process closes it, as this does.
     *
     * @param running the open ledger
     * @param options how to open it again
     * @return the same books, open, with the earlier owner gone
     */
    protected Ledger crash(Ledger running, LedgerOptions options) {
        running.close();
        return open(options, false);
    }

    @Provide
    Arbitrary<List<ProgramStep>> programs() {
        return ProgramStep.any().list().ofMinSize(5).ofMaxSize(60);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    @Requirement({
        "F-ST-11", "F-ST-14", "F-ST-20", "F-ST-41", "F-ST-42", "F-ST-44", "F-ST-50", "F-ST-51", "F-ST-52", "F-ST-90",
        "F-WA-22", "F-WA-23", "T1", "T3", "T29", "T44", "T45", "T54", "T72", "T78"
    })
    void anyProgram_doesWhatTheModelSays(@ForAll("programs") List<ProgramStep> program) {
        try (ModelRun run = new ModelRun(this)) {
            run.step(ProgramStep.of(Verb.REGISTER, 0, 0, 0));
            run.step(ProgramStep.of(Verb.REGISTER, 1, 0, 0));
            run.step(ProgramStep.of(Verb.TOP_UP, 0, 9, 60));
            program.forEach(run::step);
            run.booksAreEqual();
            run.step(ProgramStep.of(Verb.CRASH, 0, 0, 0));
            run.booksAreEqual();
        }
    }

    @Provide
    Arbitrary<List<TokenStep>> tokenPrograms() {
        return TokenStep.any().list().ofMinSize(10).ofMaxSize(60);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.BOUNDED)
    @Requirement({
        "F-TK-31", "F-TK-33", "F-TK-36", "F-TK-38", "F-TK-44", "F-TK-46", "F-TK-48", "F-TK-49", "T29", "T54", "T57",
        "T69"
    })
    void anyProgramWithTokens_doesWhatTheModelSays(@ForAll("tokenPrograms") List<TokenStep> program) {
        try (TokenRun run = new TokenRun(this)) {
            program.forEach(run::step);
            run.booksAreEqual();
        }
    }

    @Provide
    Arbitrary<List<ProgramStep>> longPrograms() {
        return ProgramStep.any().list().ofMinSize(60).ofMaxSize(120);
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    @Requirement({
        "F-ST-11",
        "F-ST-20",
        "F-ST-50",
        "F-ST-51",
        "F-ST-52",
        "F-ST-133",
        "T1",
        "T2",
        "T3",
        "T29",
        "T54",
        "T72"
    })
    void anyProgram_bySeveralThreadsAtOnce_breaksNoRule(@ForAll("longPrograms") List<ProgramStep> program)
            throws Exception {
        try (ManyCallers callers = new ManyCallers(this)) {
            callers.run(program);
            callers.noRuleIsBroken();
        }
    }
}
