package org.farthing.client.app;

import java.io.IOException;
import java.net.http.HttpRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing post URL}. */
@Command(
        name = "post",
        sortOptions = false,
        header = "Send data to a URL, and pay for it if it has a price.",
        description = {
            "",
            "As get, with a body. The price is for exactly this body: the server signs its digest, and the order you sign"
                    + " is good for no other.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_0,
            ExitCode.TEXT_1,
            ExitCode.TEXT_2,
            ExitCode.TEXT_3,
            ExitCode.TEXT_4,
            ExitCode.TEXT_5,
            ExitCode.TEXT_6,
            ExitCode.TEXT_7
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing post --max 0.02usd --data 'Ein Satz.' https://api.example.com/translate",
            "  farthing post --max 0.02usd --data-file scan.png --content-type image/png https://api.example.com/ocr"
        })
final class PostCommand extends FetchCommand {

    @Mixin
    private BodyOptions body = new BodyOptions();

    PostCommand(Shell shell) {
        super(shell);
    }

    @Override
    HttpRequest.Builder complete(HttpRequest.Builder request) throws IOException, CommandException {
        return body.addTo(request, "POST");
    }
}
