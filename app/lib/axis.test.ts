import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Axis, countAxis, minutesAxis, minutesInWords, moneyAxis } from "./axis";

const words = ({ ticks, label }: Axis): string[] => ticks.map(label);

describe("axes", () => {
  it("take the unit that suits the time", () => {
    expect(words(minutesAxis(0.1))).toEqual(["0 s", "2 s", "4 s", "6 s"]);
    expect(words(minutesAxis(9))).toEqual(["0 min", "5 min", "10 min"]);
    expect(words(minutesAxis(400))).toEqual(["0 h", "2.5 h", "5 h", "7.5 h"]);
    expect([0.1, 3.14, 190].map(minutesInWords)).toEqual(["6 s", "3.1 min", "3.2 h"]);
  });

  it("show money with the decimals that its steps have", () => {
    expect(words(moneyAxis(4_200))).toEqual(["$0.000", "$0.002", "$0.004", "$0.006"]);
    expect(words(moneyAxis(2_800_000))).toEqual(["$0", "$1", "$2", "$3"]);
    expect(words(moneyAxis(700_000))).toEqual(["$0.00", "$0.25", "$0.50", "$0.75"]);
  });

  it("count whole things", () => {
    expect(words(countAxis(1))).toEqual(["0", "1"]);
    expect(words(countAxis(22_000))).toEqual(["0", "10K", "20K", "30K"]);
  });

  it("never say the same of two ticks", () => {
    const axes = [minutesAxis, countAxis, moneyAxis];
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e11, noNaN: true }), fc.constantFrom(...axes), (greatest, axisFor) => {
        const said = words(axisFor(axisFor === moneyAxis ? Math.ceil(greatest) : greatest));
        expect(new Set(said).size).toBe(said.length);
      }),
    );
  });
});
