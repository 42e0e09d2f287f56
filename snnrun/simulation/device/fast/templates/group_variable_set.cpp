{# All neurons: values are only ever set for the whole population. #}
{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {{scalar_code|autoindent}}
    for (int64_t _idx = range.first; _idx < range.end; ++_idx)
    {
        const int64_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
