// Uploads of the Videos tab: the dialog that begins them, and the tray in which they run.

import { comeBack } from "../../every-page/session.js";
import { listenToCamera } from "./camera-recording.js";
import { listenToPhoneCode } from "./phone-code.js";
import { requestHeaders } from "./request-headers.js";
import { Tray } from "./tray.js";
import { UploadDialog } from "./upload-dialog.js";

const tray = new Tray({ headers: requestHeaders, whose: document.body.dataset.pageOf ?? "" }, comeBack);
new UploadDialog(tray);
listenToCamera(tray);
listenToPhoneCode();
document.addEventListener("page-resumed", () => tray.resume("signed-out"));
