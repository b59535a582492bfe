package org.firstinspires.ftc.teamcode;

import com.qualcomm.robotcore.eventloop.opmode.LinearOpMode;
import com.qualcomm.robotcore.eventloop.opmode.TeleOp;

import org.firstinspires.ftc.robotcore.external.hardware.camera.WebcamName;
import org.firstinspires.ftc.vision.VisionPortal;

/** Shows what the model finds on the Driver Station. For FTC SDK 10 to 12, with ModelDetector. */
@TeleOp(name = "Find objects")
public class FindObjects extends LinearOpMode {

    @Override
    public void runOpMode() {
        ModelDetector detector = new ModelDetector(hardwareMap.appContext);
        VisionPortal portal = VisionPortal.easyCreateWithDefaults(
                hardwareMap.get(WebcamName.class, "Webcam 1"), detector);

        waitForStart();
        while (opModeIsActive()) {
            for (ModelDetector.Detection found : detector.getDetections()) {
                telemetry.addData(found.label, "%.2f at (%.0f, %.0f)", found.score,
                        (found.left + found.right) / 2, (found.top + found.bottom) / 2);
            }
            telemetry.update();
            sleep(20);
        }
        portal.close();
    }
}
