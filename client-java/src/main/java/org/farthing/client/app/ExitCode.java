package org.farthing.client.app;

/** What a script can tell from the way a command ended. The numbers are stable; README lists them. */
final class ExitCode {

    static final int SERVED = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int DECLINED = 3;
    static final int NOT_CHARGED = 4;
    static final int UNKNOWN = 5;
    static final int HTTP_ERROR = 6;
    static final int RECEIPT = 7;

    static final String HEADING = "%nExit codes:%n";
    static final String TEXT_0 = "0:done; for get and post: served, free or paid";
    static final String TEXT_1 = "1:something went wrong; a sentence on standard error says what";
    static final String TEXT_2 = "2:the command line is not right";
    static final String TEXT_3 = "3:it has a price, and nothing was paid: a limit or a check said no";
    static final String TEXT_4 = "4:an order was signed, and the payee says that it took nothing";
    static final String TEXT_5 = "5:an order was sent and no answer came: farthing journal resume";
    static final String TEXT_6 = "6:the server answered with an error of its own, nothing to pay";
    static final String TEXT_7 = "7:the receipt that was asked for is missing or does not hold";

    private ExitCode() {}
}
