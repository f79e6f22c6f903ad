package dev.plinth.base.sql;

import java.util.Collections;
import java.util.Map;
import org.jooq.JSONB;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object: {@code jsonb} in SQL, an unmodifiable map in Java. */
@SuppressWarnings({"unchecked", "rawtypes"})
public final class JsonObjectConverter extends AbstractConverter<JSONB, Map<String, Object>> {

  private static final long serialVersionUID = 1L;

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** Converts with Jackson's defaults. */
  public JsonObjectConverter() {
    super(JSONB.class, (Class) Map.class);
  }

  @Override
  public @Nullable Map<String, Object> from(@Nullable JSONB json) {
    return json == null
        ? null
        : Collections.unmodifiableMap(JsonMapper.shared().readValue(json.data(), OBJECT));
  }

  @Override
  public @Nullable JSONB to(@Nullable Map<String, Object> object) {
    return object == null ? null : JSONB.valueOf(JsonMapper.shared().writeValueAsString(object));
  }
}
