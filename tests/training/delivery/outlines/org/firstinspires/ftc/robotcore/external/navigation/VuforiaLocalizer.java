package org.firstinspires.ftc.robotcore.external.navigation;

import org.firstinspires.ftc.robotcore.external.hardware.camera.CameraName;

public interface VuforiaLocalizer {
    class Parameters {
        public String vuforiaLicenseKey;
        public CameraName cameraName;
    }
}
