package org.farthing.server.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Stands before the paywall of a folder and answers what no payment would change: there is no such file, the method cannot be
 * used, the folder's address lacks its slash. So nobody pays for a 404 (S9).
 */
final class Shelf extends Handler.Wrapper {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

    /** Where customers change tokens that only this payee can vouch for (specification: token-remote.md). */
    private static final String SWAP = "/token-swap";

    private final Folder folder;
    private final boolean passesSwapsOn;

    Shelf(Folder folder, Handler paywall, boolean passesSwapsOn) {
        super(paywall);
        this.folder = folder;
        this.passesSwapsOn = passesSwapsOn;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (passesSwapsOn && SWAP.equals(Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        if (!METHODS.contains(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, OPTIONS");
            Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
            return true;
        }
        String path = Request.getPathInContext(request);
        Optional<Path> found = folder.find(path);
        if (found.isEmpty() || !isFile(found.get())) {
            Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            return true;
        }
        if (Files.isDirectory(found.get()) != path.endsWith("/")) {
            redirect(request, response, callback, path);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(Files.isDirectory(file) ? file.resolve(Folder.WELCOME) : file);
    }

    /** A folder's relative links work under its address with a slash only; a file has none. */
    private static void redirect(Request request, Response response, Callback callback, String path) {
        String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
        Response.sendRedirect(request, response, callback, HttpStatus.MOVED_PERMANENTLY_301, other, true);
    }
}
