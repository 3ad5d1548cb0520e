package org.farthing.protocol.internal;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Takes typed members out of an object that {@link StrictJson} read; a fault names the member by its path.
 *
 * @param map the members
 * @param where the path of the object
 */
public record Members(Map<String, ? extends @Nullable Object> map, String where) {

    /** Returns a text that must be there; it may be empty. */
    public String text(String name) throws MalformedException {
        String text = optionalText(name);
        if (text == null) {
            throw new MalformedException(Fault.MISSING, where + "." + name, "the member is required");
        }
        return text;
    }

    /** Returns a text, or null if there is no such member. A JSON null is no text. */
    public @Nullable String optionalText(String name) throws MalformedException {
        Object value = map.get(name);
        if (value instanceof String text) {
            return text;
        }
        if (map.containsKey(name)) {
            throw new MalformedException(Fault.TYPE, where + "." + name, "a string is needed");
        }
        return null;
    }

    /** Returns an object that must be there. */
    public Map<String, @Nullable Object> object(String name) throws MalformedException {
        Map<String, @Nullable Object> object = optionalObject(name);
        if (object == null) {
            throw new MalformedException(Fault.MISSING, where + "." + name, "the member is required");
        }
        return object;
    }

    /** Returns an object, or null if there is no such member. */
    @SuppressWarnings("unchecked") // StrictJson gives every object String names
    public @Nullable Map<String, @Nullable Object> optionalObject(String name) throws MalformedException {
        Object value = map.get(name);
        if (value instanceof Map) {
            return (Map<String, @Nullable Object>) value;
        }
        if (map.containsKey(name)) {
            throw new MalformedException(Fault.TYPE, where + "." + name, "an object is needed");
        }
        return null;
    }
}
