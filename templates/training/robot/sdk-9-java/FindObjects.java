package org.firstinspires.ftc.teamcode;

import com.qualcomm.robotcore.eventloop.opmode.LinearOpMode;
import com.qualcomm.robotcore.eventloop.opmode.TeleOp;

import org.firstinspires.ftc.robotcore.external.hardware.camera.WebcamName;
import org.firstinspires.ftc.robotcore.external.tfod.Recognition;
import org.firstinspires.ftc.vision.VisionPortal;
import org.firstinspires.ftc.vision.tfod.TfodProcessor;

/** For FTC SDK 8.2 to 9.2: shows what the model finds on the Driver Station. */
@TeleOp(name = "Find objects")
public class FindObjects extends LinearOpMode {

    private static final String MODEL_FILE = "/sdcard/FIRST/tflitemodels/" + {{ java_model_file }};

    // In the order of the model. Change neither the order nor the spelling.
    private static final String[] LABELS = {
{% for label in java_labels %}        {{ label }},
{% endfor %}    };

    // How sure the model must be, from 0 to 1. Lower finds more, and more that is not there.
    private static final float MINIMUM_CONFIDENCE = {{ threshold }}f;

    @Override
    public void runOpMode() {
        TfodProcessor detector = new TfodProcessor.Builder()
                .setModelFileName(MODEL_FILE)
                // In Android Studio, for a file in the app's assets, instead of the line above:
                // .setModelAssetName({{ java_model_file }})
                .setModelLabels(LABELS)
                .setIsModelTensorFlow2(true)
                .setModelInputSize({{ input_size }})
                .setMaxNumRecognitions({{ max_detections }})
                .build();
        detector.setMinResultConfidence(MINIMUM_CONFIDENCE);

        VisionPortal portal = VisionPortal.easyCreateWithDefaults(
                hardwareMap.get(WebcamName.class, "Webcam 1"), detector);

        waitForStart();
        while (opModeIsActive()) {
            for (Recognition found : detector.getRecognitions()) {
                telemetry.addData(found.getLabel(), "%.2f at (%.0f, %.0f)", found.getConfidence(),
                        (found.getLeft() + found.getRight()) / 2,
                        (found.getTop() + found.getBottom()) / 2);
            }
            telemetry.update();
            sleep(20);
        }
        portal.close();
    }
}
