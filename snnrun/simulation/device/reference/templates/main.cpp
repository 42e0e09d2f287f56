{# Our main program in the place of Brian's: values come in at the start, only what was asked for goes out. #}
#include "objects.h"
#include "run.h"
#include "runtime/input.h"
#include "runtime/output.h"
#include "runtime/schedule.h"
#include "brianlib/common_math.h"

{% for codeobj in code_objects | sort(attribute='name') %}
#include "code_objects/{{codeobj.name}}.h"
{% for block in codeobj.before_after_blocks %}
#include "code_objects/{{block}}_{{codeobj.name}}.h"
{% endfor %}
{% endfor %}

// Usage: program INPUTS INPUTS_OF_THE_TRIAL OUTPUT_FOLDER
int main(int argc, char** argv)
{
    if (argc != 4) snnrun::stop(snnrun::BAD_INPUT, "bad_input arguments");
    snnrun::Inputs inputs(argv[1]);
    snnrun::Inputs trial(argv[2]);
    snnrun::Outputs outputs(argv[3]);
    snnrun::Schedule schedule;
    brian_start();
    {
        using namespace brian;
        {{main_lines|autoindent}}
    }
    outputs.finish();
    // Nothing is freed one by one: the process ends here.
    std::_Exit(0);
}
