package org.farthing.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the challenges of one 402 are tried (spec/client.md, F-CL-12 and F-CL-13): the way to pay the owner wants
 * most, then what costs nothing, then the currency, then the lowest price; the server's order otherwise. It only orders: every challenge is still
 * checked before it is paid.
 */
final class ChallengeOrder {

    private final Payer payer;

    ChallengeOrder(Payer payer) {
        this.payer = payer;
    }

    /** A challenge and what its place depends on; without money where the price cannot be read. */
    private record Place(
            Challenge challenge,
            int method,
            int currency,
            int group,
            @Nullable Money money) {}

    List<Challenge> of(List<Challenge> challenges) {
        List<String> codes = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < challenges.size(); i++) {
            places.add(place(challenges.get(i), codes, i));
        }
        places.sort(Comparator.comparingInt(Place::method)
                .thenComparingInt(Place::currency)
                .thenComparingInt(Place::group)
                .thenComparing(ChallengeOrder::cheaper));
        return places.stream().map(Place::challenge).toList();
    }

    /** Prices of one code stand where its first one stood: only they can be compared. */
    private Place place(Challenge challenge, List<String> codes, int index) {
        Optional<PaymentMethod> method = payer.methodFor(challenge);
        int way = method.map(payer.methods()::indexOf).orElse(Integer.MAX_VALUE);
        Money money = method.map(found -> money(found, challenge)).orElse(null);
        String code = money == null ? "#" + index : money.code();
        if (!codes.contains(code)) {
            codes.add(code);
        }
        int wanted = payer.settings().currencies().indexOf(code);
        int currency = wanted < 0 ? Integer.MAX_VALUE : wanted;
        boolean nothing = money != null && money.value().signum() == 0;
        return new Place(challenge, way, nothing ? -1 : currency, codes.indexOf(code), money);
    }

    private static int cheaper(Place one, Place other) {
        return one.money() == null || other.money() == null ? 0 : one.money().compareTo(other.money());
    }

    /** What a challenge asks; why one cannot be read is said when it is checked. */
    private static @Nullable Money money(PaymentMethod method, Challenge challenge) {
        try {
            Price price = method.read(challenge);
            return Money.of(price.amount(), price.currency());
        } catch (MalformedException | UnpayableException | RuntimeException e) {
            return null;
        }
    }
}
