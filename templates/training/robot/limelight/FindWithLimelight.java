package org.firstinspires.ftc.teamcode;

import com.qualcomm.hardware.limelightvision.LLResult;
import com.qualcomm.hardware.limelightvision.LLResultTypes;
import com.qualcomm.hardware.limelightvision.Limelight3A;
import com.qualcomm.robotcore.eventloop.opmode.LinearOpMode;
import com.qualcomm.robotcore.eventloop.opmode.TeleOp;

import java.util.Arrays;

/** Shows what the Limelight's neural detector finds on the Driver Station. For FTC SDK 10 to 12. */
@TeleOp(name = "Find with Limelight")
public class FindWithLimelight extends LinearOpMode {

    // The number of the Limelight's pipeline that holds the model.
    private static final int PIPELINE = 0;

    // The model's labels. Compare with these in your own code, whatever case the Limelight writes them in.
    private static final String[] LABELS = {
{% for label in java_labels %}        {{ label }},
{% endfor %}    };

    // Milliseconds after which an answer of the Limelight is too old to act upon.
    private static final long TOO_OLD = 200;

    @Override
    public void runOpMode() {
        Limelight3A limelight = hardwareMap.get(Limelight3A.class, "limelight");
        limelight.pipelineSwitch(PIPELINE);
        // Without this, getLatestResult() has nothing to give.
        limelight.start();

        waitForStart();
        while (opModeIsActive()) {
            LLResult result = limelight.getLatestResult();
            if (result == null || !limelight.isConnected() || result.getStaleness() > TOO_OLD) {
                telemetry.addLine("The Limelight does not answer.");
            } else if (!result.isValid()) {
                telemetry.addLine("Nothing in sight.");
            } else {
                show(result);
            }
            telemetry.update();
            sleep(20);
        }
        limelight.stop();
    }

    /** Angles are from the middle of the picture: positive to the right, and up. */
    private void show(LLResult result) {
        for (LLResultTypes.DetectorResult found : result.getDetectorResults()) {
            telemetry.addData(label(found), "%.2f, %.1f degrees to the right, %.1f up",
                    found.getConfidence(), found.getTargetXDegrees(), found.getTargetYDegrees());
        }
    }

    /** The model's own spelling of a label. */
    private static String label(LLResultTypes.DetectorResult found) {
        String name = found.getClassName();
        if (!Arrays.asList(LABELS).contains(name)) {
            for (String label : LABELS) {
                if (label.equalsIgnoreCase(name)) {
                    return label;
                }
            }
        }
        return name;
    }
}
