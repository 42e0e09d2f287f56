{# All neurons: values are only ever set for the whole population. #}
{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {% set each = vector_code|drawn_one_by_one %}
    {{scalar_code|autoindent}}
    {{each.draws|autoindent}}
    for (int64_t _idx = _range.first; _idx < _range.end; ++_idx)
    {
        const int64_t _vectorisation_idx = _idx;
        {{each.code|autoindent}}
    }
{% endblock %}
