package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPrefixTest {

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.254", "2001:db8:1:200::1, 2001:db8:1:2ff:ffff::9", "::ffff:192.0.2.1, 192.0.2.77"})
    void of_sameNetwork_isOneCustomer(String one, String other) throws UnknownHostException {
        assertThat(prefix(one)).isEqualTo(prefix(other));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.3.1", "2001:db8:1:200::1, 2001:db8:1:300::1", "192.0.2.1, 2001:db8::1"})
    void of_anotherNetwork_isAnotherCustomer(String one, String other) throws UnknownHostException {
        assertThat(prefix(one)).isNotEqualTo(prefix(other));
    }

    @Test
    void of_addressWithoutNumbers_isOneCustomerForAll() {
        assertThat(AddressPrefix.of(InetSocketAddress.createUnresolved("a.example", 1)))
                .isEqualTo(AddressPrefix.of(InetSocketAddress.createUnresolved("b.example", 2)));
        assertThat(AddressPrefix.of(new SocketAddress() {
                    private static final long serialVersionUID = 1L;
                }))
                .isEqualTo("local");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.254",
        "192.0.2.1, 192.0.2.9:4711",
        "2001:db8:1:200::1, [2001:db8:1:2ff::9]",
        "2001:db8:1:200::1, [2001:db8:1:2ff::9]:4711",
        "::ffff:192.0.2.1, 192.0.2.77"
    })
    void ofText_asProxiesWriteIt_isTheAddressOfTheConnection(String one, String text) throws UnknownHostException {
        assertThat(AddressPrefix.ofText(text)).isEqualTo(prefix(one));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "_hidden",
                "beef",
                "300.1.1.1",
                "1.2.3",
                "1234",
                "localhost",
                "[",
                "::g",
                "1.2.3.4:x"
            })
    void ofText_noAddress_isOneCustomerForAllAndNeverLookedUp(String text) {
        assertThat(AddressPrefix.ofText(text)).isEqualTo("unresolved");
    }

    private static String prefix(String address) throws UnknownHostException {
        return AddressPrefix.of(new InetSocketAddress(InetAddress.getByName(address), 4711));
    }
}
