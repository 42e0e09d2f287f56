{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {{scalar_code|autoindent}}
    for (const int32_t _fired : spikes_{{eventspace_variable.owner.name}}.of_thread(range.tick, range.thread))
    {
        const int64_t _idx = _fired;
        const int64_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
