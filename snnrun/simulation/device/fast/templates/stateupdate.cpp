{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {% set each = vector_code|drawn %}
    {{scalar_code|autoindent}}
    {{each.draws|autoindent}}
    #pragma GCC ivdep
    for (int64_t _idx = _range.first; _idx < _range.end; ++_idx)
    {
        const int64_t _vectorisation_idx = _idx;
        {{each.code|autoindent}}
    }
{% endblock %}
