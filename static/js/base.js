// What every page needs: messages, the dialog, parts that refresh themselves, news for whoever looks elsewhere, times in the reader's zone, and no page from before the sign-out.
import "./notices.js";
import "./dialog.js";
import "./live.js";
import "./news.js";
import "./times.js";
import "./menus.js";
import "./fresh.js";
