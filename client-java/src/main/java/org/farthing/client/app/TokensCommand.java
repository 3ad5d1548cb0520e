package org.farthing.client.app;

import picocli.CommandLine.Command;

/** {@code farthing tokens …}. */
@Command(
        name = "tokens",
        header = "Buy and keep tokens, which pay without saying who pays.",
        description = {
            "",
            "A token is a small sum for one server, signed by a mint that could not see what it signed. The mint knows that"
                    + " your wallet bought tokens, the server knows that a token is good, and even together they cannot"
                    + " tell that it was yours. Where a server takes tokens and you have some for it, farthing get pays"
                    + " with them.",
            "",
            "Among few buyers a guess is easy, whatever the arithmetic. Buy ahead and in round sums, not just before you"
                    + " pay; and mind that your address on the network shows as always. Tokens are in tokens.jsonl of your"
                    + " home folder: whoever has it can spend them. If it is lost, purse.json gets them back; use a copy of purse.json for"
                    + " nothing else, because two folders with one secret get in each other's way.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class TokensCommand extends CommandGroup {}
