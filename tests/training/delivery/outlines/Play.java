import com.qualcomm.hardware.limelightvision.LLResult;
import com.qualcomm.hardware.limelightvision.LLResultTypes.DetectorResult;
import com.qualcomm.hardware.limelightvision.Limelight3A;
import org.firstinspires.ftc.teamcode.FindWithLimelight;
import org.firstinspires.ftc.teamcode.FindObjects;

/** Runs each OpMode for a round and prints what the Driver Station shows. */
public class Play {
    public static void main(String[] arguments) {
        limelight("sees two", true, 0, true, new DetectorResult("CONE", 0.81, -3.25, 1.5),
                new DetectorResult("cube", 0.66, 10, 0), new DetectorResult("other", 0.5, 0, 0));
        limelight("sees nothing", true, 0, false);
        limelight("is slow", true, 900, true, new DetectorResult("cone", 0.8, 0, 0));
        limelight("is unplugged", false, 0, true, new DetectorResult("cone", 0.8, 0, 0));

        System.out.println("Control Hub");
        new FindObjects().runOpMode();
    }

    private static void limelight(String name, boolean connected, long age, boolean valid, DetectorResult... found) {
        System.out.println("Limelight " + name);
        Limelight3A limelight = new Limelight3A();
        limelight.connected = connected;
        limelight.latest = new LLResult(found);
        limelight.latest.staleness = age;
        limelight.latest.valid = valid;
        FindWithLimelight program = new FindWithLimelight();
        program.hardwareMap.devices.put("limelight", limelight);
        program.runOpMode();
        if (limelight.pipeline != 0 || limelight.started) {
            throw new IllegalStateException("pipeline or stop");
        }
    }
}
