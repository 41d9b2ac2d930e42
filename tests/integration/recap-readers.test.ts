// Whom a recap reaches: whoever can open its meeting today.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrgId, UserId } from "../../shared/ids.ts";
import { openCoaching } from "../factories/coaching.ts";
import { delivered, recapMails, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

test("[ISOLATION-8] [INSIGHTS-20] no recap is sent to who has left the organisation, nor one that already waits", async () => {
  const orgId = "org_acme" as OrgId;
  const members = new Set<UserId>();
  const house = await openCoaching(store, { members });
  try {
    const [ann, ben] = [
      { ...(await house.actorOf("ann")), orgId },
      { ...(await house.actorOf("ben")), orgId },
    ];
    for (const { userId } of [ann, ben]) members.add(userId);
    const planned = async () => (await house.create(ann, { participants: [{ email: ben.email }] })).id;
    const held = async (id: Awaited<ReturnType<typeof planned>>) => {
      await house.say(ann, id, [
        [ann, "What would you like to work on today?"],
        [ben, "My knee keeps hurting after running, and I keep skipping the exercises for the knee."],
        [ben, "I'll call the physiotherapist by Friday."],
      ]);
      await house.meetings.end(ann, id);
      await house.insights.prepare(id);
      await recapWhen(house, ann, id, delivered);
    };
    const before = await planned();
    await house.meetings.start(ann, before);
    await held(before);
    expect(await recapMails(house, ben)).toHaveLength(1);
    const id = await planned();
    await house.meetings.start(ann, id);
    members.delete(ben.userId);
    await held(id);
    expect([(await recapMails(house, ann)).length, (await recapMails(house, ben)).length]).toEqual([2, 1]);
    const waiting = await house.mail.queue({
      key: "waiting",
      kind: "recap",
      meetingId: id,
      to: { userId: ben.userId, email: ben.email, name: null },
      ...{
        subject: "Recap",
        text: "The physiotherapist",
        html: "<p>The physiotherapist</p>",
        attachments: [],
      },
    });
    expect((await house.mail.get(ben, waiting)).text).not.toContain("physiotherapist");
  } finally {
    await house.close();
  }
});
