#include <dlfcn.h>
#include <stdlib.h>

#include "CFloor.h"

// The part of ta_abstract.h that is used (TA-Lib 0.6 and later).
typedef struct {
    int type;
    const char *name;
    int flags;
} parameter_info;

enum { input_price = 0, option_whole_range = 2, option_whole_list = 3, output_whole = 1, most_outputs = 8 };

struct cfloor_talib {
    int (*handle)(const char *, const void **);
    int (*input)(const void *, unsigned, const parameter_info **);
    int (*option)(const void *, unsigned, const parameter_info **);
    int (*output)(const void *, unsigned, const parameter_info **);
    int (*make)(const void *, void **);
    int (*free)(void *);
    int (*set_price)(
        void *, unsigned, const double *, const double *, const double *, const double *,
        const double *, const double *);
    int (*set_real)(void *, unsigned, const double *);
    int (*set_whole)(void *, unsigned, int);
    int (*set_number)(void *, unsigned, double);
    int (*set_real_output)(void *, unsigned, double *);
    int (*set_whole_output)(void *, unsigned, int *);
    int (*call)(const void *, int, int, int *, int *);
};

struct cfloor_talib_call {
    cfloor_talib *library;
    void *parameters;
    double *outputs[most_outputs];
    int count;
};

cfloor_talib *cfloor_talib_load(const char *path) {
    void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!image) return NULL;
    int (*initialize)(void) = (int (*)(void))dlsym(image, "TA_Initialize");
    cfloor_talib *library = calloc(1, sizeof *library);
    struct {
        void **place;
        const char *name;
    } wanted[] = {
        {(void **)&library->handle, "TA_GetFuncHandle"},
        {(void **)&library->input, "TA_GetInputParameterInfo"},
        {(void **)&library->option, "TA_GetOptInputParameterInfo"},
        {(void **)&library->output, "TA_GetOutputParameterInfo"},
        {(void **)&library->make, "TA_ParamHolderAlloc"},
        {(void **)&library->free, "TA_ParamHolderFree"},
        {(void **)&library->set_price, "TA_SetInputParamPricePtr"},
        {(void **)&library->set_real, "TA_SetInputParamRealPtr"},
        {(void **)&library->set_whole, "TA_SetOptInputParamInteger"},
        {(void **)&library->set_number, "TA_SetOptInputParamReal"},
        {(void **)&library->set_real_output, "TA_SetOutputParamRealPtr"},
        {(void **)&library->set_whole_output, "TA_SetOutputParamIntegerPtr"},
        {(void **)&library->call, "TA_CallFunc"},
    };
    int is_whole = initialize && initialize() == 0;
    for (size_t place = 0; place < sizeof wanted / sizeof *wanted; place++) {
        *wanted[place].place = dlsym(image, wanted[place].name);
        is_whole = is_whole && *wanted[place].place;
    }
    if (is_whole) return library;
    free(library);
    return NULL;
}

// Prices in TA-Lib's order; what is real is the close first, then the second series.
static void set_inputs(
    cfloor_talib *library, const void *handle, void *parameters, cfloor_series series)
{
    const parameter_info *input;
    unsigned reals = 0;
    for (unsigned place = 0; library->input(handle, place, &input) == 0; place++) {
        const double *const *column = series.columns;
        if (input->type == input_price) {
            library->set_price(
                parameters, place, column[0], column[1], column[2], column[3], column[4], column[5]);
        } else {
            library->set_real(parameters, place, column[reals++ ? 5 : 3]);
        }
    }
}

static void set_options(
    cfloor_talib *library, const void *handle, void *parameters, const double *values, size_t count)
{
    const parameter_info *option;
    for (unsigned place = 0; place < count; place++) {
        if (library->option(handle, place, &option)) return;
        if (option->type == option_whole_range || option->type == option_whole_list) {
            library->set_whole(parameters, place, (int)values[place]);
        } else {
            library->set_number(parameters, place, values[place]);
        }
    }
}

cfloor_talib_call *cfloor_talib_prepare(
    cfloor_talib *library, const char *name, const double *values, size_t count,
    cfloor_series series)
{
    const void *handle;
    void *parameters;
    if (library->handle(name, &handle) || library->make(handle, &parameters)) return NULL;
    set_inputs(library, handle, parameters, series);
    set_options(library, handle, parameters, values, count);
    cfloor_talib_call *call = calloc(1, sizeof *call);
    call->library = library;
    call->parameters = parameters;
    call->count = (int)series.count;
    const parameter_info *output;
    for (unsigned place = 0; place < most_outputs; place++) {
        if (library->output(handle, place, &output)) break;
        double *column = call->outputs[place] = malloc(series.count * sizeof(double));
        if (output->type == output_whole) {
            library->set_whole_output(parameters, place, (int *)column);
        } else {
            library->set_real_output(parameters, place, column);
        }
    }
    return call;
}

int cfloor_talib_run(cfloor_talib_call *call) {
    int first, made = 0;
    if (call->library->call(call->parameters, 0, call->count - 1, &first, &made)) return -1;
    return made;
}

void cfloor_talib_end(cfloor_talib_call *call) {
    call->library->free(call->parameters);
    for (unsigned place = 0; place < most_outputs; place++) free(call->outputs[place]);
    free(call);
}
