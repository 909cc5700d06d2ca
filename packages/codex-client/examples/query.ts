import { createCodexClient } from "@codex/client";
import { createCodexOptions } from "@codex/client/react-query";
import { QueryClient } from "@tanstack/react-query";

const { API_URL: url = "http://127.0.0.1:3000", API_KEY: apiKey = "" } = process.env;

// The client tries again by itself, and knows better when.
const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
const codex = createCodexOptions(createCodexClient({ url, apiKey }), queryClient);

// In a component: useQuery(codex.campaigns.list.queryOptions({ first: 20 })), and likewise
// useMutation(codex.campaigns.create.mutationOptions()),
// useSubscription(codex.events.subscribe.subscriptionOptions({}, { onData })).
const page = await queryClient.fetchQuery(codex.campaigns.list.queryOptions({ first: 20 }));
console.log(page.items.map(({ name }) => name).join());
