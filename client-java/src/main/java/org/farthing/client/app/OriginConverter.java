package org.farthing.client.app;

import java.net.URI;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an origin such as {@code https://api.example.com}; a closing slash is forgiven. */
final class OriginConverter implements ITypeConverter<Origin> {

    @Override
    public Origin convert(String text) {
        try {
            return Origin.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (MalformedException e) {
            throw new TypeConversionException(
                    "'" + Printable.line(text) + "' is no origin; write https://host, without a path");
        }
    }

    /** The origin of a URL somebody typed. */
    static Origin of(URI uri) throws CommandException {
        try {
            return Origin.of(uri);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(
                    "'" + Printable.line(uri.toString())
                            + "' is no URL that can be paid for; it starts with https:// (or http:// and 127.0.0.1, with --loopback)");
        }
    }
}
