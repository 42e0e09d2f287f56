{# A code object is a function of its own namespace; what it computes is for the neurons, or the targets, of a thread. #}
{% macro cpp_file() %}
namespace {{codeobj_name}} {

{{support_code_lines|autoindent}}
{{hashdefine_lines|autoindent}}

// By value: behind a reference, the bounds of the loop might change with every char that is written.
inline void run(const snnrun::Range _range)
{
    using namespace state;
    %CONSTANTS%
    {{pointers_lines|autoindent}}
    {% block maincode %}
    {% endblock %}
}

}  // namespace {{codeobj_name}}
{% endmacro %}

{% macro h_file() %}
{% endmacro %}
