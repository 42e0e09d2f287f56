{# USES_VARIABLES { _indices } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    snnrun::TraceRow& _row = row_{{variables['_indices'].owner.name}};
    if (_range.tick % _row.every) return;
    {{scalar_code|autoindent}}
    for (int64_t _i = 0; _i < {{variables['_indices'].size}}; ++_i)
    {
        const int64_t _idx = {{_indices}}[_i], _vectorisation_idx = _idx;
        if (_idx < _range.first || _idx >= _range.end) continue;
        {{vector_code|autoindent}}
        {% for name, variable in _recorded_variables|dictsort(true) %}
        _row.at({{loop.index0}}, _i) = _to_record_{{name}};
        {% endfor %}
    }
{% endblock %}
