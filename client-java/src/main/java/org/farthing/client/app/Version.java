package org.farthing.client.app;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: our version, from the jar's manifest, and the Java it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String ours = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "farthing " + (ours == null ? "(unpackaged)" : ours) + " on Java "
                    + Runtime.version().feature()
        };
    }
}
