import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { addressOf } from "./address.ts";

const from = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage; // what is looked at

describe("the address of a request", () => {
  it.each([
    ["10.0.0.1", undefined, 0, "10.0.0.1"],
    ["10.0.0.1", "1.2.3.4", 0, "10.0.0.1"],
    ["10.0.0.1", undefined, 1, "10.0.0.1"],
    ["10.0.0.1", "6.6.6.6, 1.2.3.4", 1, "1.2.3.4"],
    ["10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", 2, "1.2.3.4"],
    ["10.0.0.1", "1.2.3.4", 3, "1.2.3.4"],
  ])("of %s, which says %j, behind %i proxies is %s", (direct, forwarded, proxies, address) => {
    expect(addressOf(from(direct, forwarded), proxies)).toBe(address);
  });

  it.each([
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::FFFF:1.2.3.4", "1.2.3.4"],
    ["::ffff:102:304", "1.2.3.4"],
    ["[::ffff:102:304]:50123", "1.2.3.4"],
    ["0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"],
    ["0000:0:0::0:FFFF:c0a8:00ff", "192.168.0.255"],
    ["64:ff9b::1.2.3.4", "1.2.3.4"],
    ["64:ff9b::102:304", "1.2.3.4"],
    ["64:ff9b:1::102:304", "64:ff9b:1:0::/64"],
    ["::fffe:102:304", "0:0:0:0::/64"],
    ["1.2.3.4:50123", "1.2.3.4"],
    ["[2001:db8:1:2::9]:50123", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["1::2:3:4:5:6", "1:0:0:2::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "10.0.0.1"],
    ["_hidden", "10.0.0.1"],
    ["1.2.3.4.5", "10.0.0.1"],
  ])("%s counts as %s, so that nobody is many by other addresses of theirs", (named, address) => {
    expect(addressOf(from("10.0.0.1", named), 1)).toBe(address);
  });
});
