/* The pages of the single commands, for the table in page.c. */
#ifndef GW_REPORT_PAGES_H
#define GW_REPORT_PAGES_H

#include "report/page.h"

void gw_page_status(gw_page *page, const godwit_value *result);
void gw_page_plan_result(gw_page *page, const godwit_value *result);
void gw_page_up(gw_page *page, const godwit_value *result);
void gw_page_down(gw_page *page, const godwit_value *result);
void gw_page_redo(gw_page *page, const godwit_value *result);
void gw_page_contract(gw_page *page, const godwit_value *result);
void gw_page_verify(gw_page *page, const godwit_value *result);
void gw_page_changes(gw_page *page, const godwit_value *result);
void gw_page_log(gw_page *page, const godwit_value *result);
void gw_page_seed(gw_page *page, const godwit_value *result);
void gw_page_doctor(gw_page *page, const godwit_value *result);
void gw_page_wait(gw_page *page, const godwit_value *result);
void gw_page_config(gw_page *page, const godwit_value *result);
void gw_page_made(gw_page *page, const godwit_value *result);

#endif
