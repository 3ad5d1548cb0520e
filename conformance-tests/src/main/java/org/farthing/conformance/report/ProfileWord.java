package org.farthing.conformance.report;

import org.farthing.conformance.suite.Profile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a profile by its word, for the commands' {@code --profile}. */
public final class ProfileWord implements ITypeConverter<Profile> {

    /** Made by picocli. */
    public ProfileWord() {}

    @Override
    public Profile convert(String word) {
        for (Profile known : Profile.values()) {
            if (known.word().equals(word)) {
                return known;
            }
        }
        throw new TypeConversionException("profiles are core, wallet and token, not " + word);
    }
}
