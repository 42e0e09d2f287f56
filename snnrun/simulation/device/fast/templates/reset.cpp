{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {% set each = vector_code|drawn_one_by_one %}
    {{scalar_code|autoindent}}
    {{each.draws|autoindent}}
    for (const int32_t _fired : spikes_{{eventspace_variable.owner.name}}.of_thread(_range.tick, _range.thread))
    {
        const int64_t _idx = _fired;
        const int64_t _vectorisation_idx = _idx;
        {{each.code|autoindent}}
    }
{% endblock %}
