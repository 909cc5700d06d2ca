import { BlockList, isIP } from "node:net";

// The special-purpose registries of IANA (RFC 6890 and its updates): no host of the internet is in these.
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
// Within 2000::/3. Teredo (in 2001::/23) and 6to4 (2002::/16) carry an IPv4 address that may lead inward.
const special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
// How a host with IPv6 alone reaches an IPv4 address, which is its last four bytes (RFC 6052).
const nat64 = "64:ff9b::";

const routed = addressRanges(["0.0.0.0/0", "2000::/3", `${nat64}/96`]);
const refused = addressRanges([...special, ...special.map(throughNat64), ...special6]);

/** Whether it is an address of the internet, and none of this host or of a network around it. */
export function isPublicAddress(address: string): boolean {
  return isWithin(routed, address) && !isWithin(refused, address);
}

/** Whether a range holds an address; those of IPv4 hold it also as ::ffff:a.b.c.d. */
export function isWithin(ranges: BlockList, address: string): boolean {
  const version = isIP(address);
  // With a zone (fe80::1%eth0) it is of this link, and BlockList finds it nowhere.
  return version !== 0 && ranges.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** Ranges of addresses: 10.1.2.3, 10.0.0.0/8, fd00::/8. Throws for what is none. */
export function addressRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    const version = isIP(network);
    const longest = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : Number(bits);
    if (version === 0 || bits === "" || !Number.isInteger(prefix) || prefix < 0 || prefix > longest)
      throw new Error(`${range} is no range of addresses such as 10.0.0.0/8`);
    list.addSubnet(network, prefix, version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

function throughNat64(range: string): string {
  const [network = "", bits] = range.split("/");
  return `${nat64}${network}/${96 + Number(bits)}`;
}
