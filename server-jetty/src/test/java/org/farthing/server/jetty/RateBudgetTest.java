package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-WS-43", "F-WA-22"})
class RateBudgetTest {

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");

    private RateBudget budget(int times, int keys) {
        return new RateBudget(times, Duration.ofHours(1), keys, () -> now);
    }

    @Test
    void take_withinTheBudget_letsThrough() {
        RateBudget budget = budget(3, 10);

        assertThat(budget.take("a")).isZero();
        assertThat(budget.take("a")).isZero();
        assertThat(budget.take("a")).isZero();
    }

    @Test
    void take_beyondTheBudget_saysHowLongToWait() {
        RateBudget budget = budget(3, 10);
        for (int i = 0; i < 3; i++) {
            budget.take("a");
        }

        assertThat(budget.take("a")).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void take_afterTheWaitItSaid_letsOneThrough() {
        RateBudget budget = budget(3, 10);
        for (int i = 0; i < 3; i++) {
            budget.take("a");
        }
        now = now.plus(budget.take("a"));

        assertThat(budget.take("a")).isZero();
        assertThat(budget.take("a")).isPositive();
    }

    @Test
    void take_refused_costsNothing() {
        RateBudget budget = budget(1, 10);
        budget.take("a");
        for (int i = 0; i < 50; i++) {
            budget.take("a");
        }
        now = now.plus(Duration.ofHours(1));

        assertThat(budget.take("a")).isZero();
    }

    @Test
    @Requirement("F-SV-67")
    void take_clockWentBack_nobodyWaitsForThat() {
        RateBudget budget = budget(2, 10);
        budget.take("a");
        budget.take("a");
        now = now.minus(Duration.ofHours(5));

        assertThat(budget.look("a")).isZero();
        assertThat(budget.take("a")).isZero();
        assertThat(budget.take("a")).isZero();
        assertThat(budget.take("a")).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void look_saysWhatTakeWould_andTakesNothing() {
        RateBudget budget = budget(2, 10);
        for (int i = 0; i < 10; i++) {
            assertThat(budget.look("a")).isZero();
        }
        budget.take("a");
        assertThat(budget.look("a")).isZero();
        budget.take("a");
        assertThat(budget.look("a")).isEqualTo(Duration.ofMinutes(30));
        now = now.plus(Duration.ofMinutes(30));
        assertThat(budget.look("a")).isZero();
    }

    @Test
    void take_anotherKey_hasItsOwnBudget() {
        RateBudget budget = budget(1, 10);
        budget.take("a");

        assertThat(budget.take("b")).isZero();
    }

    @Test
    void giveBack_afterTake_restoresIt() {
        RateBudget budget = budget(1, 10);
        budget.take("a");
        budget.giveBack("a");

        assertThat(budget.take("a")).isZero();
        assertThat(budget.take("a")).isPositive();
    }

    @Test
    void take_moreKeysThanRemembered_keepsMemoryBounded() {
        RateBudget budget = budget(1, 2);
        for (int i = 0; i < 100; i++) {
            budget.take("key " + i);
        }

        assertThat(budget.size()).isEqualTo(2);
        assertThat(budget.take("key 99")).isPositive();
    }

    @Test
    void new_budgetOfNothing_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> budget(0, 1));
    }
}
