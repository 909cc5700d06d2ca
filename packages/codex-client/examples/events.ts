import { createCodexClient } from "@codex/client";
import { EventSource } from "eventsource"; // Node.js has none; browsers do

const { API_URL: url = "http://127.0.0.1:3000", API_KEY: apiKey = "" } = process.env;
const codex = createCodexClient({ url, apiKey, EventSource });

const stream = codex.events.subscribe.subscribe(
  // From now on; `after: number` goes on after an event that you have handled.
  { types: ["campaign.created"] },
  {
    onConnectionStateChange: ({ state }) => {
      console.log(state);
      if (state === "pending") void codex.campaigns.create.mutate({ name: "Launch" });
    },
    onData: ({ data: event }) => {
      console.log(event.type, event.number > 0);
      stream.unsubscribe();
    },
    // Only when it is of no use to go on: access that has ended, a number that no event has.
    onError: (error) => console.error(error.message),
  },
);
