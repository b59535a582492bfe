package org.firstinspires.ftc.teamcode;

import com.qualcomm.robotcore.eventloop.opmode.LinearOpMode;
import com.qualcomm.robotcore.eventloop.opmode.TeleOp;

import java.util.List;

import org.firstinspires.ftc.robotcore.external.ClassFactory;
import org.firstinspires.ftc.robotcore.external.hardware.camera.WebcamName;
import org.firstinspires.ftc.robotcore.external.navigation.VuforiaLocalizer;
import org.firstinspires.ftc.robotcore.external.tfod.Recognition;
import org.firstinspires.ftc.robotcore.external.tfod.TFObjectDetector;

/** For FTC SDK 7.0 to 8.1: shows what the model finds on the Driver Station. */
@TeleOp(name = "Find objects")
public class FindObjectsOldSdk extends LinearOpMode {

    // These SDKs reach the camera through Vuforia, which wants a key of your team's own.
    private static final String VUFORIA_KEY = "PUT YOUR TEAM'S KEY HERE";

    private static final String MODEL_FILE = "/sdcard/FIRST/tflitemodels/" + {{ java_model_file }};

    // In the order of the model. Change neither the order nor the spelling.
    private static final String[] LABELS = {
{% for label in java_labels %}        {{ label }},
{% endfor %}    };

    // How sure the model must be, from 0 to 1. Lower finds more, and more that is not there.
    private static final float MINIMUM_CONFIDENCE = {{ threshold }}f;

    @Override
    public void runOpMode() {
        TFObjectDetector detector = createDetector();
        detector.activate();

        waitForStart();
        while (opModeIsActive()) {
            // null where no frame was looked at since the last time
            List<Recognition> recognitions = detector.getUpdatedRecognitions();
            if (recognitions != null) {
                for (Recognition found : recognitions) {
                    telemetry.addData(found.getLabel(), "%.2f at (%.0f, %.0f)", found.getConfidence(),
                            (found.getLeft() + found.getRight()) / 2,
                            (found.getTop() + found.getBottom()) / 2);
                }
                telemetry.update();
            }
            sleep(20);
        }
        detector.shutdown();
    }

    private TFObjectDetector createDetector() {
        VuforiaLocalizer.Parameters camera = new VuforiaLocalizer.Parameters();
        camera.vuforiaLicenseKey = VUFORIA_KEY;
        camera.cameraName = hardwareMap.get(WebcamName.class, "Webcam 1");
        VuforiaLocalizer vuforia = ClassFactory.getInstance().createVuforia(camera);

        int viewId = hardwareMap.appContext.getResources().getIdentifier(
                "tfodMonitorViewId", "id", hardwareMap.appContext.getPackageName());
        TFObjectDetector.Parameters parameters = new TFObjectDetector.Parameters(viewId);
        parameters.isModelTensorFlow2 = true;
        parameters.inputSize = {{ input_size }};
        parameters.maxNumDetections = {{ max_detections }};
        parameters.minResultConfidence = MINIMUM_CONFIDENCE;
        TFObjectDetector detector = ClassFactory.getInstance().createTFObjectDetector(parameters, vuforia);
        detector.loadModelFromFile(MODEL_FILE, LABELS);
        // In Android Studio, for a file in the app's assets, instead of the line above:
        // detector.loadModelFromAsset({{ java_model_file }}, LABELS);
        return detector;
    }
}
