// The page at which a sign-in through the provider ends that began in the dialog of another tab: that one continues at once.

import { SIGNED_IN } from "./session.js";

const channel = new BroadcastChannel(SIGNED_IN);
channel.postMessage("");
channel.close();
// Where the browser lets a page close its own tab.
window.close();
