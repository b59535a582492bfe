package org.firstinspires.ftc.robotcore.external;

import org.firstinspires.ftc.robotcore.external.navigation.VuforiaLocalizer;
import org.firstinspires.ftc.robotcore.external.tfod.TFObjectDetector;

public abstract class ClassFactory {
    public static ClassFactory getInstance() {
        return null;
    }

    public abstract VuforiaLocalizer createVuforia(VuforiaLocalizer.Parameters parameters);

    public abstract TFObjectDetector createTFObjectDetector(
            TFObjectDetector.Parameters parameters, VuforiaLocalizer vuforia);
}
