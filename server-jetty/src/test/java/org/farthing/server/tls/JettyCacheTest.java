package org.farthing.server.tls;

import java.nio.file.Path;
import java.util.Set;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.tls.CachingProxy.Ignorance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/** Caches of our own, from one that obeys all of RFC 9111 to one that knows as little as real ones are configured to. */
class JettyCacheTest {

    @Nested
    class ObeyingEveryRule extends Contract {

        ObeyingEveryRule() {
            super(Set.of());
        }
    }

    /** Only {@code no-store} and {@code private} keep answers out of it. */
    @Nested
    class ObeyingCacheControlAlone extends Contract {

        ObeyingCacheControlAlone() {
            super(Set.of(Ignorance.values()));
        }
    }

    abstract static class Contract extends SharedCacheContract {

        private final Set<Ignorance> ignorance;
        private @Nullable CachingProxy proxy;

        Contract(Set<Ignorance> ignorance) {
            this.ignorance = ignorance;
        }

        @Override
        Origin startCache(Path folder, int shopPort) throws Exception {
            CachingProxy started = new CachingProxy(ignorance, shopPort);
            proxy = started;
            return started.origin();
        }

        @Override
        void stopCache() throws Exception {
            if (proxy != null) {
                proxy.close();
            }
        }
    }
}
