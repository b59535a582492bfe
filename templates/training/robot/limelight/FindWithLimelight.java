package org.firstinspires.ftc.teamcode;

import com.qualcomm.hardware.limelightvision.LLResult;
import com.qualcomm.hardware.limelightvision.LLResultTypes;
import com.qualcomm.hardware.limelightvision.Limelight3A;
import com.qualcomm.robotcore.eventloop.opmode.LinearOpMode;
import com.qualcomm.robotcore.eventloop.opmode.TeleOp;

/** Shows what the Limelight's neural detector finds on the Driver Station, by the names in labels.txt. */
@TeleOp(name = "Find with Limelight")
public class FindWithLimelight extends LinearOpMode {

    // The number of the Limelight's pipeline that holds the model.
    private static final int PIPELINE = 0;

    // Milliseconds after which what the Limelight said is too old to act upon.
    private static final long TOO_OLD = 200;

    @Override
    public void runOpMode() {
        Limelight3A limelight = hardwareMap.get(Limelight3A.class, "limelight");
        limelight.pipelineSwitch(PIPELINE);
        limelight.start();

        waitForStart();
        while (opModeIsActive()) {
            LLResult result = limelight.getLatestResult();
            if (result != null && result.isValid() && result.getStaleness() < TOO_OLD) {
                for (LLResultTypes.DetectorResult found : result.getDetectorResults()) {
                    telemetry.addData(found.getClassName(), "%.2f, %.1f degrees to the right, %.1f up",
                            found.getConfidence(), found.getTargetXDegrees(), found.getTargetYDegrees());
                }
            }
            telemetry.update();
            sleep(20);
        }
        limelight.stop();
    }
}
