package org.farthing.server.tls;

import java.nio.file.Path;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/** The cache that most people have in front. It does not look at {@code Authorization} at all. */
class NginxCacheTest extends SharedCacheContract {

    private @Nullable Nginx nginx;

    @Override
    Origin startCache(Path folder, int shopPort) throws Exception {
        Nginx started = Nginx.start(folder, shopPort);
        nginx = started;
        return started.origin();
    }

    @Override
    void stopCache() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
    }
}
