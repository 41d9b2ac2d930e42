// What counts as an address of the public internet, by every way of writing one that is not.
import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

test.each([
  ["IPv4", "8.8.8.8 93.184.216.34 168.63.129.15 168.63.129.17 1.1.1.1"],
  ["IPv6", "2606:4700::1111 2a00:1450:4001:82a::200e 2001:4860:4860::8888 2400:cb00:2048:1::c629:d7a2"],
])("public ones of %s are", (_, addresses) => {
  expect(addresses.split(" ").filter((address) => !isPublicAddress(address))).toEqual([]);
});

test.each([
  ["of a machine itself", "127.0.0.1 127.255.255.254 0.0.0.0 ::1 ::"],
  ["of private networks", "10.0.0.1 172.16.0.1 172.31.255.254 192.168.1.1 100.64.0.1 fd12:3456::1 fec0::1"],
  ["of a link", "169.254.1.1 fe80::1 fe80::1%eth0"],
  [
    "of groups and reserved",
    "255.255.255.255 224.0.0.1 240.0.0.1 198.18.0.1 203.0.113.5 ff02::1 2001:db8::1",
  ],
  // AWS, Google, DigitalOcean and others; Alibaba; Oracle; Azure's host; AWS, Google, Scaleway and Linode by IPv6.
  ["of metadata services", "169.254.169.254 169.254.42.42 100.100.100.200 192.0.0.192 168.63.129.16"],
  [
    "of metadata services by IPv6",
    "fd00:ec2::254 fd20:ce::254 fd00:42::42 fd00:a9fe:a9fe::1 fe80::a9fe:a9fe",
  ],
  ["IPv4, compatible", "::127.0.0.1 ::7f00:1 ::a9fe:a9fe ::10.0.0.1 ::8.8.8.8"],
  ["IPv4, mapped", "::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe ::ffff:8.8.8.8 ::ffff:168.63.129.16"],
  ["IPv4, translated", "::ffff:0:127.0.0.1 ::ffff:0:a9fe:a9fe"],
  [
    "IPv4 by NAT64",
    "64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::808:808 64:ff9b:1::a9fe:a9fe 64:ff9b:1:ffff::1",
  ],
  ["IPv4 by 6to4", "2002:7f00:1:: 2002:a9fe:a9fe::1 2002:a00:1::1 2002:808:808::1 192.88.99.1"],
  ["IPv4 by Teredo", "2001::1 2001:0:4136:e378:8000:63bf:80ff:fffe"],
  ["IPv4 by ISATAP", "2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:7f00:1"],
  ["of no network at all", "::2 4000::1 8000::1 1::1 400::1 fb00::1 5f00::1 100::1"],
  ["none", "localhost 999.1.1.1 12345::"],
])("addresses %s are not public", (_, addresses) => {
  expect(addresses.split(" ").filter(isPublicAddress)).toEqual([]);
});

test("an address is the same however a URL writes it", () => {
  for (const written of ["[::127.0.0.1]", "[0:0:0:0:0:0:7f00:0001]", "[::FFFF:127.0.0.1]", "168.63.33040"])
    expect(isPublicAddress(new URL(`http://${written}/`).hostname.replace(/^\[|\]$/g, ""))).toBe(false);
});
