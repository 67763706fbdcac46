package dev.ratchet.execution.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.execution.http.AddressPolicy.Verdict;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.0.1",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:1ff:ffff::",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "3fff::1",
                "3fff:fff::1",
                "5f00::1",
                "4000::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void judgeWhenSpecialPurposeRefuses(String address) {
        assertThat(AddressPolicy.judge(InetAddress.ofLiteral(address))).isInstanceOf(Verdict.Special.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2606:4700:4700::1111",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "3ffe::1"
            })
    void judgeWhenPublicAllows(String address) {
        assertThat(AddressPolicy.judge(InetAddress.ofLiteral(address))).isInstanceOf(Verdict.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "fd00:ec2::254",
                "::ffff:169.254.169.254",
                "::a9fe:a9fe",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1"
            })
    void judgeWhenMetadataServiceSaysSo(String address) {
        assertThat(AddressPolicy.judge(InetAddress.ofLiteral(address))).isInstanceOf(Verdict.Metadata.class);
    }

    @Test
    void judgeWhenResolverGivesMappedAddressJudgesTheIpv4InIt() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;

        InetAddress address = Inet6Address.getByAddress(null, mapped, 0);

        assertThat(address.getAddress()).hasSize(16);
        assertThat(AddressPolicy.judge(address)).isEqualTo(new Verdict.Special("127.0.0.0/8 (loopback)"));
    }

    @Test
    void isMetadataNameWhenProviderNameIsTrue() {
        assertThat(AddressPolicy.isMetadataName("metadata.google.internal")).isTrue();
        assertThat(AddressPolicy.isMetadataName("metadata.example.com")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "10.1.2.3, 10.1.2.3"
    })
    void formatWhenAddressIsCanonical(String address, String expected) {
        assertThat(IpText.format(InetAddress.ofLiteral(address))).isEqualTo(expected);
    }
}
