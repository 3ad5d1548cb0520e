package org.farthing.conformance.suite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Cases that can be run against one subject.
 *
 * @param <S> the subject: what cases are made with, such as the server's site
 */
public final class Suite<S> {

    /**
     * A case that waits for its subject.
     *
     * @param info the case
     * @param method what checks it
     * @param room makes the object the method belongs to
     * @param <S> the subject
     */
    private record Entry<S>(CaseInfo info, Method method, Function<S, Object> room) {}

    private final List<Entry<S>> entries;

    private Suite(List<Entry<S>> entries) {
        this.entries = List.copyOf(entries);
    }

    /** A suite without cases yet. */
    public static <S> Suite<S> empty() {
        return new Suite<>(List.of());
    }

    /**
     * This suite and the cases of one class.
     *
     * @param type a class with {@link Group} whose methods have {@link Case}
     * @param room makes the object, once a run
     * @throws IllegalArgumentException if the class has no group or no case, or a case's name is taken
     */
    public <R> Suite<S> with(Class<R> type, Function<S, R> room) {
        Group group = type.getAnnotation(Group.class);
        List<Entry<S>> all = new ArrayList<>(entries);
        for (Method method : type.getDeclaredMethods()) {
            Case marked = method.getAnnotation(Case.class);
            if (marked != null && group != null) {
                all.add(new Entry<>(info(group, marked), method, room::apply));
            }
        }
        if (all.size() == entries.size()) {
            throw new IllegalArgumentException(type.getName() + " has no cases, or no @Group");
        }
        all.sort(Comparator.comparing(Entry::info, CaseInfo.ORDER));
        Set<String> names = new HashSet<>();
        for (Entry<S> entry : all) {
            if (!names.add(entry.info().id())) {
                throw new IllegalArgumentException(
                        "two cases are named " + entry.info().id());
            }
        }
        return new Suite<>(all);
    }

    private static CaseInfo info(Group group, Case marked) {
        return new CaseInfo(
                marked.id(),
                group.value(),
                Arrays.asList(marked.rows()),
                marked.section(),
                marked.severity(),
                marked.profile(),
                marked.title(),
                marked.fix());
    }

    /** Its cases, in the order they run. */
    public List<CaseInfo> cases() {
        return entries.stream().map(Entry::info).toList();
    }

    /** The part of it that a predicate takes. */
    public Suite<S> only(Predicate<CaseInfo> wanted) {
        return new Suite<>(
                entries.stream().filter(entry -> wanted.test(entry.info())).toList());
    }

    /**
     * Runs all cases, one after the other, on the caller's thread.
     *
     * @param subject what is checked
     * @param watcher told about each case; not null
     * @param time where the time comes from
     * @return one result a case, in order
     */
    public List<CaseResult> run(S subject, Watcher watcher, Stopwatch time) {
        List<CaseResult> results = new ArrayList<>();
        for (int at = 0; at < entries.size(); at++) {
            Entry<S> entry = entries.get(at);
            watcher.begins(entry.info(), at, entries.size());
            Trace trace = new Trace(entry.info().id());
            long from = time.nanos();
            Verdict verdict = verdict(entry, subject, trace);
            CaseResult result =
                    new CaseResult(entry.info(), verdict, trace.exchanges(), trace.left(), time.since(from));
            watcher.ended(result);
            results.add(result);
        }
        return results;
    }

    private static <S> Verdict verdict(Entry<S> entry, S subject, Trace trace) {
        try {
            entry.method().setAccessible(true);
            entry.method().invoke(entry.room().apply(subject), trace);
            return new Verdict.Passed();
        } catch (InvocationTargetException e) {
            return verdict(Objects.requireNonNullElse(e.getCause(), e));
        } catch (IllegalAccessException | RuntimeException e) {
            return verdict(e);
        }
    }

    private static Verdict verdict(Throwable thrown) {
        if (thrown instanceof NotAsExpected failed) {
            return new Verdict.Failed(failed.expected(), failed.seen());
        }
        if (thrown instanceof NotApplicable skipped) {
            return new Verdict.Skipped(skipped.why());
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (thrown instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        String message = thrown.getMessage();
        return new Verdict.Broken(thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message));
    }
}
