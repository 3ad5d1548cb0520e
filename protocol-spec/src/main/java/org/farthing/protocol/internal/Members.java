package org.farthing.protocol.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    /** Returns a time in whole seconds since 1970 that must be there. */
    public Instant seconds(String name) throws MalformedException {
        Instant seconds = optionalSeconds(name);
        if (seconds == null) {
            throw new MalformedException(Fault.MISSING, where + "." + name, "the member is required");
        }
        return seconds;
    }

    /** Returns a time in whole seconds since 1970, or null if there is no such member. */
    public @Nullable Instant optionalSeconds(String name) throws MalformedException {
        Object value = map.get(name);
        if (value instanceof Long seconds && seconds >= 0) {
            return Instant.ofEpochSecond(seconds);
        }
        if (map.containsKey(name)) {
            Fault fault = value instanceof Number ? Fault.VALUE : Fault.TYPE;
            throw new MalformedException(fault, where + "." + name, "whole seconds since 1970 are needed");
        }
        return null;
    }

    /** Returns a list of texts, or null if there is no such member. */
    public @Nullable List<String> optionalTexts(String name) throws MalformedException {
        Object value = map.get(name);
        if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>(list.size());
            for (Object element : list) {
                if (!(element instanceof String text)) {
                    throw new MalformedException(Fault.TYPE, where + "." + name, "an array of strings is needed");
                }
                texts.add(text);
            }
            return Collections.unmodifiableList(texts);
        }
        if (map.containsKey(name)) {
            throw new MalformedException(Fault.TYPE, where + "." + name, "an array of strings is needed");
        }
        return null;
    }

    /** Returns a list of texts that must be there. */
    public List<String> texts(String name) throws MalformedException {
        List<String> texts = optionalTexts(name);
        if (texts == null) {
            throw new MalformedException(Fault.MISSING, where + "." + name, "the member is required");
        }
        return texts;
    }

    /** Returns a list of objects that must be there, each with its place. */
    @SuppressWarnings("unchecked") // StrictJson gives every object String names
    public List<Members> objects(String name) throws MalformedException {
        if (!(map.get(name) instanceof List<?> list)) {
            Fault fault = map.containsKey(name) ? Fault.TYPE : Fault.MISSING;
            throw new MalformedException(fault, where + "." + name, "an array of objects is needed");
        }
        List<Members> objects = new ArrayList<>(list.size());
        for (Object element : list) {
            String place = where + "." + name + "." + objects.size();
            if (!(element instanceof Map)) {
                throw new MalformedException(Fault.TYPE, place, "an object is needed");
            }
            objects.add(new Members((Map<String, @Nullable Object>) element, place));
        }
        return objects;
    }
}
