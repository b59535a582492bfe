package com.qualcomm.robotcore.hardware;

import android.content.Context;
import java.util.HashMap;
import java.util.Map;

public class HardwareMap {
    public final Context appContext = new Context();
    public final Map<String, Object> devices = new HashMap<>();

    public <T> T get(Class<? extends T> kind, String name) {
        return kind.cast(devices.get(name));
    }
}
