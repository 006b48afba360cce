/** A colour of one's own for each person. */

const HUES = [205, 25, 145, 285, 340, 95, 180, 255];

/** The people of one page: a person has the same colour everywhere, unless somebody here has it already. */
export class Colours {
  private readonly chosen = new Map<string, number>();

  hue(personId: string): number {
    const known = this.chosen.get(personId);
    if (known !== undefined) return known;
    let sum = 7;
    for (const letter of personId) sum = (sum * 31 + letter.charCodeAt(0)) % 100_003;
    const taken = new Set(this.chosen.values());
    const own = HUES.map((_, step) => HUES[(sum + step) % HUES.length] ?? 0);
    const hue = own.find((each) => !taken.has(each)) ?? own[0] ?? 0;
    this.chosen.set(personId, hue);
    return hue;
  }
}
