package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;

/** Kind {@code currency}: a currency id to its parts. */
final class CurrencyCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        CurrencyId currency = CurrencyId.parse(input.text("text"), "text");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", currency.text());
        json.put("code", currency.code());
        json.put("exponent", currency.exponent());
        currency.isoCode().ifPresent(code -> json.put("isoCode", code));
        currency.unitName().ifPresent(name -> json.put("unitName", name));
        return json;
    }
}
