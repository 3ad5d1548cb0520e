package org.farthing.client.app;

import java.net.http.HttpRequest;
import picocli.CommandLine.Command;

/** {@code farthing get URL}. */
@Command(
        name = "get",
        sortOptions = false,
        header = "Fetch a URL, and pay for it if it has a price.",
        description = {
            "",
            "The content goes to standard output, everything else to standard error. Nothing is paid without --max or"
                    + " --budget; without them you are told the price.",
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
            "  farthing get --dry-run https://api.example.com/report",
            "  farthing get --max 0.02usd https://api.example.com/report > report.html",
            "  farthing get --budget 1usd/day --receipt paid.json -o r.html https://api.example.com/report"
        })
final class GetCommand extends FetchCommand {

    GetCommand(Shell shell) {
        super(shell);
    }

    @Override
    HttpRequest.Builder complete(HttpRequest.Builder request) {
        return request.GET();
    }
}
